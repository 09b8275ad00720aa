"""Small real services to try Healing on."""
