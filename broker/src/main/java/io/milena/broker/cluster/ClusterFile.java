package io.milena.broker.cluster;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The file {@code cluster.properties} in the directory of the metadata: the settings by which a node belongs to its cluster, written when it joins one or becomes the first of one. What a node is started with counts more. Without
 * the file nothing is lost but the need to say the same in the settings.
 */
public final class ClusterFile {
    static final String NAME = "cluster.properties";

    private ClusterFile() {}

    /** Its settings; none where there is no such file. */
    public static Map<String, String> read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        Map<String, String> settings = new TreeMap<>();
        if (Files.exists(file)) {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(file)));
            properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        }
        return settings;
    }

    /** Writes it whole, so that it survives a power cut; the directory is made if need be. */
    public static void write(Path directory, Map<String, String> settings) throws IOException {
        Files.createDirectories(directory);
        StringBuilder text = new StringBuilder("# How this node belongs to its cluster.\n");
        new TreeMap<>(settings)
                .forEach((name, value) ->
                        text.append(name).append('=').append(value).append('\n'));
        Path part = directory.resolve(NAME + ".part");
        try (FileChannel out = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(part, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /**
     * Makes sure that a directory may become that of a node: it is new, or it is that node's already.
     *
     * @throws IOException saying whose it is
     */
    public static void checkMayBe(Path directory, String clusterId, int nodeId) throws IOException {
        Optional<MetaProperties> owner = MetaProperties.read(directory);
        if (owner.isPresent()) {
            MetaProperties meta = owner.get();
            if (!meta.clusterId().equals(clusterId)) {
                throw new IOException("the data directory " + directory + " belongs to cluster " + meta.clusterId()
                        + ", not to cluster " + clusterId
                        + ": a node that joins begins with a directory that is new, and its data come from the others");
            }
            if (meta.nodeId() != nodeId) {
                throw new IOException("the data directory " + directory + " belongs to node " + meta.nodeId()
                        + ", not to node " + nodeId);
            }
        }
    }
}
