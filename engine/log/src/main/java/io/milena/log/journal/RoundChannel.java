package io.milena.log.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * Writes to a file so that it is on disk. Past the page cache where the machine can (Linux {@code O_DIRECT} and {@code O_DSYNC}): one system call, and no page that is larger than what was
 * changed of it.
 */
final class RoundChannel implements AutoCloseable {
    private static final Optional<OpenOption> DIRECT = direct();

    private final FileChannel channel;
    private final boolean isForcedByWriting;

    private RoundChannel(FileChannel channel, boolean isForcedByWriting) {
        this.channel = channel;
        this.isForcedByWriting = isForcedByWriting;
    }

    static RoundChannel open(Path path) throws IOException {
        if (DIRECT.isPresent()) {
            try {
                return new RoundChannel(
                        FileChannel.open(
                                path, Set.of(StandardOpenOption.WRITE, StandardOpenOption.DSYNC, DIRECT.get())),
                        true);
            } catch (UnsupportedOperationException | IOException e) {
                System.getLogger(RoundChannel.class.getName())
                        .log(System.Logger.Level.DEBUG, "no direct writing to {0}: {1}", path, e.getMessage());
            }
        }
        return new RoundChannel(FileChannel.open(path, StandardOpenOption.WRITE), false);
    }

    /** The JDK has the option in a module that not every runtime image has. */
    private static Optional<OpenOption> direct() {
        try {
            for (Object option :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (option instanceof OpenOption direct && option.toString().equals("DIRECT")) {
                    return Optional.of(direct);
                }
            }
        } catch (ClassNotFoundException e) {
            System.getLogger(RoundChannel.class.getName())
                    .log(System.Logger.Level.DEBUG, "this Java cannot write past the page cache", e);
        }
        return Optional.empty();
    }

    /** Writes all of the buffer, whose address and size are multiples of 4,096, as is the position. */
    void write(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        if (!isForcedByWriting) {
            channel.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
