package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import java.io.IOException;
import picocli.CommandLine.Option;

/** The options by which every client command finds its cluster. */
public final class Connecting {
    @Option(
            names = {"-b", "--bootstrap-server"},
            paramLabel = "HOST:PORT",
            defaultValue = "${env:MILENA_BOOTSTRAP:-localhost:9092}",
            description = "A broker of the cluster. Default: $MILENA_BOOTSTRAP or localhost:9092.")
    private String address = "localhost:9092";

    ClusterClient connect() throws IOException {
        return ClusterClient.connect(address);
    }
}
