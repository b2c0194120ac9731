package io.milena.broker.cluster;

import io.milena.log.LogDirectory;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * The file {@code meta.properties}, which ties a data directory to a cluster and a node, as Kafka's.
 *
 * @param nodeId -1 where the file does not say
 * @param directoryId empty where the file does not say, as those of old brokers
 */
record MetaProperties(String clusterId, int nodeId, String directoryId) {
    private static final String FILE = "meta.properties";

    /**
     * Reads the file of a data directory; there is none in a new one, which need not exist.
     *
     * @throws IOException if the directory cannot be used
     */
    static Optional<MetaProperties> read(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IOException("the data directory " + directory + " is a file");
        }
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(file)));
        return Optional.of(new MetaProperties(
                properties.getProperty("cluster.id", "").strip(),
                number(properties.getProperty("node.id", "")),
                properties.getProperty("directory.id", "").strip()));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Writes the file, so that it survives a power cut. */
    void write(LogDirectory directory) throws IOException {
        directory.replaceFile(
                FILE,
                "version=1\ncluster.id=" + clusterId + "\nnode.id=" + nodeId + "\ndirectory.id=" + directoryId + "\n");
    }
}
