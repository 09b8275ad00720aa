"""What each session runs: `app.py`, and one file per page. Layout and widgets only."""
