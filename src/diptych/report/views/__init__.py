"""One module for each part of a page: it turns records into plain values and pictures that a template sets."""
