"""The shared database as the dashboard sees it: migrations, read queries, retention.

Pages call the functions of this package and get frozen plain data; SQL ends here.
"""
