"""What a person takes away: PDF, PPTX, XLSX, CSV, PNG, SVG and open data, from the same frames and figures as the screen."""
