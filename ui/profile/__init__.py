"""The profile of one unit: facts, sentences and the blocks of each part of the page."""
