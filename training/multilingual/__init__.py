"""The multilingual reader: how it is made, from words in two languages to int8 ONNX."""
