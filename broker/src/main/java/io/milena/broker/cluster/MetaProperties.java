package io.milena.broker.cluster;

import io.milena.log.LogDirectory;
import io.milena.protocol.Uuids;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.random.RandomGenerator;

/** The file {@code meta.properties}, which ties a data directory to a cluster and a node, as Kafka's. */
public record MetaProperties(String clusterId, int nodeId, String directoryId) {
    private static final String FILE = "meta.properties";

    /**
     * Reads the file of a data directory, or writes a new one.
     *
     * @throws IOException if the directory belongs to another node
     */
    public static MetaProperties readOrCreate(LogDirectory directory, int nodeId, RandomGenerator random)
            throws IOException {
        Path file = directory.path().resolve(FILE);
        if (!Files.exists(file)) {
            MetaProperties fresh =
                    new MetaProperties(Uuids.text(Uuids.random(random)), nodeId, Uuids.text(Uuids.random(random)));
            directory.replaceFile(FILE, fresh.text());
            return fresh;
        }
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(file)));
        MetaProperties found = new MetaProperties(
                properties.getProperty("cluster.id", ""),
                Integer.parseInt(properties.getProperty("node.id", "-1")),
                properties.getProperty("directory.id", ""));
        if (found.nodeId != nodeId) {
            throw new IOException("the data directory " + directory.path() + " belongs to node " + found.nodeId
                    + ", not to node.id " + nodeId);
        }
        return found;
    }

    private String text() {
        return "version=1\ncluster.id=" + clusterId + "\nnode.id=" + nodeId + "\ndirectory.id=" + directoryId + "\n";
    }
}
