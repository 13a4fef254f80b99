"""The rules of reporting, pure: bars and their percentages, the trend, what is safe in a spreadsheet."""
