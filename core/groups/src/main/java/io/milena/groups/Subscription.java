package io.milena.groups;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The one thing that the coordinator reads in what consumers tell their assignor: the topics, so that offsets of subscribed topics are
 * neither deleted nor expired. All else is opaque to it.
 *
 * <pre>
 * version int16 | topic count int32 | count x ( length int16 | topic in UTF-8 ) | whatever the version adds
 * </pre>
 */
final class Subscription {
    private Subscription() {}

    /** The topics, or null when the bytes are not a subscription. */
    static @Nullable Set<String> topics(byte[] metadata) {
        ByteBuffer in = ByteBuffer.wrap(metadata);
        try {
            in.getShort();
            int count = in.getInt();
            if (count < 0 || count > in.remaining() / Short.BYTES) {
                return null;
            }
            Set<String> topics = new TreeSet<>();
            for (int i = 0; i < count; i++) {
                int length = in.getShort();
                if (length < 0 || length > in.remaining()) {
                    return null;
                }
                topics.add(new String(metadata, in.position(), length, StandardCharsets.UTF_8));
                in.position(in.position() + length);
            }
            return Collections.unmodifiableSet(topics);
        } catch (BufferUnderflowException e) {
            return null;
        }
    }
}
