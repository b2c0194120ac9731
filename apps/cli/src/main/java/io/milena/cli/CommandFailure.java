package io.milena.cli;

/** A command cannot do what it was asked; the message is for the person at the terminal. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CommandFailure(String message) {
        super(message);
    }
}
