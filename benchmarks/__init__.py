"""What proves the figures in the README."""
