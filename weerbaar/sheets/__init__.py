"""Files of a spreadsheet, coming in (never trusted) and going out (never run); and lists of the admin with
both. No app with tables of its own."""
