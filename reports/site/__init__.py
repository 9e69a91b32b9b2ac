"""The static edition as files: addresses, assets under hashed names, pages from templates, and the folder that appears whole.

What the pages say comes from `ui/documents/site*.py`; nothing here knows a figure.
"""
