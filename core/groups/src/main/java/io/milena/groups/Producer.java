package io.milena.groups;

/** In whose transaction records are appended. */
public record Producer(long id, short epoch) {}
