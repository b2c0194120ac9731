package io.milena.protocol;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** One schema twice: our record and the class that Kafka generates from it. */
record Twin(Class<? extends Message> ours, Class<? extends org.apache.kafka.common.protocol.Message> theirs) {
    private static final List<String> PEERS = List.of(
            "org.apache.kafka.common.message.%sData",
            "org.apache.kafka.common.message.%s",
            "org.apache.kafka.common.metadata.%s",
            "org.apache.kafka.coordinator.group.generated.%s",
            "org.apache.kafka.coordinator.transaction.generated.%s",
            "org.apache.kafka.coordinator.share.generated.%s");

    /** The messages that Kafka does not have. */
    static final List<String> OWN = List.of(
            "FormQuorumRequest",
            "FormQuorumResponse",
            "ListDeletedTopicsRequest",
            "ListDeletedTopicsResponse",
            "RestoreTopicRequest",
            "RestoreTopicResponse",
            "DescribeGroupEventsRequest",
            "DescribeGroupEventsResponse",
            "ListConfigChangesRequest",
            "ListConfigChangesResponse",
            "DescribeMeasurementsRequest",
            "DescribeMeasurementsResponse",
            "DescribeLagRequest",
            "DescribeLagResponse",
            "ListRefusedRequestsRequest",
            "ListRefusedRequestsResponse",
            "DescribeTrashRequest",
            "DescribeTrashResponse");

    /** Every message and record that was generated from a schema of Kafka's, by name. */
    static List<Twin> all() {
        return Stream.concat(generated("message"), generated("record"))
                .filter(ours -> !OWN.contains(ours.getSimpleName()))
                .map(Twin::of)
                .toList();
    }

    private static Stream<Class<?>> generated(String folder) {
        try {
            Path classes = Path.of(ApiKey.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.list(classes.resolve("io/milena/protocol/" + folder))) {
                List<String> names = files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.contains("-"))
                        .map(name -> name.substring(0, name.length() - ".class".length()))
                        .sorted()
                        .toList();
                return names.stream().map(name -> require("io.milena.protocol." + folder + "." + name));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Twin of(Class<?> ours) {
        Class<?> theirs = PEERS.stream()
                .map(pattern -> pattern.formatted(ours.getSimpleName()))
                .filter(name -> Twin.class.getClassLoader().getResource(name.replace('.', '/') + ".class") != null)
                .map(Twin::require)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Kafka has no class for " + ours));
        return new Twin(
                ours.asSubclass(Message.class), theirs.asSubclass(org.apache.kafka.common.protocol.Message.class));
    }

    short lowestVersion() {
        return constant("LOWEST_VERSION");
    }

    short highestVersion() {
        return constant("HIGHEST_VERSION");
    }

    /** Our record from bytes, which must be used up. */
    Message read(byte[] bytes, short version) {
        WireReader in = new WireReader(ByteBuffer.wrap(bytes));
        Message message = read(in, version);
        if (in.remaining() > 0) {
            throw new IllegalStateException(in.remaining() + " bytes left over");
        }
        return message;
    }

    Message read(WireReader in, short version) {
        try {
            Object message =
                    ours.getMethod("read", WireReader.class, short.class).invoke(null, in, version);
            return (Message) message;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] write(Message message, short version) {
        WireWriter out = new WireWriter();
        message.write(out, version);
        int size = out.sizeInBytes();
        byte[] bytes = bytes(out.toBuffer());
        if (bytes.length != size) {
            throw new IllegalStateException("announced " + size + " bytes, wrote " + bytes.length);
        }
        return bytes;
    }

    org.apache.kafka.common.protocol.Message readTheirs(byte[] bytes, short version) {
        try {
            org.apache.kafka.common.protocol.Message message =
                    theirs.getConstructor().newInstance();
            message.read(new ByteBufferAccessor(ByteBuffer.wrap(bytes)), version);
            return message;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] writeTheirs(org.apache.kafka.common.protocol.Message message, short version) {
        return bytes(MessageUtil.toByteBufferAccessor(message, version).buffer());
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static Class<?> require(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private short constant(String name) {
        try {
            return ours.getField(name).getShort(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return ours.getSimpleName();
    }
}
