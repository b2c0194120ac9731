package io.milena.cli.demo;

/** An order where the broker has put it. */
record Order(String name, String key, int partition, long offset) {}
