"""The writing side: read reports, check them, build a snapshot, publish it. Nothing above imports it."""
