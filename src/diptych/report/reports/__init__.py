"""One module for each kind of report; each has `render`, which returns the text of a whole page."""
