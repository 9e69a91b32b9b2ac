"""What documents hold: the facts and words of the screen gathered for files. Typesetting and file formats are in reports/."""
