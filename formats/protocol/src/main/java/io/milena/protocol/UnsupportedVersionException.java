package io.milena.protocol;

/** A value that cannot be said in the version in which it should be written: a mistake of the writer. */
public final class UnsupportedVersionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param field {@code Struct.field} */
    public UnsupportedVersionException(String field, short version) {
        super("version " + version + " cannot say the value of " + field);
    }
}
