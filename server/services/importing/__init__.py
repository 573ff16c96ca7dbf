"""Reading tables of organisations, users and cases, row by row, by the rules forms have too."""
