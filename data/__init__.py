"""The store: settings, the schema, read-only access, and every query that reads."""
