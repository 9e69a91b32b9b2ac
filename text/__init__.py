"""Every word that a reader sees, the writing of numbers and dates, and the handling of Vietnamese names."""
