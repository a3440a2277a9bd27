"""The recipe of Quoth's reader: data, training, export and measurement, on one CPU core."""
