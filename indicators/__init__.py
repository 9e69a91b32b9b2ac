"""What is measured: dated rules and definitions (TOML); the only place that divides or compares with a threshold."""
