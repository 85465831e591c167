package main

// version is what `info` and every result name.
const version = "0.1.0"
