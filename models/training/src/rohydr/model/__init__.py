"""The networks of the fast configuration."""
