package io.milena.cli;

import io.milena.cli.client.ClusterAddress;
import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.ConnectionSecurity;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options by which every client command finds its cluster. */
public final class Connecting {
    @Option(
            names = {"-b", "--bootstrap-server"},
            paramLabel = "HOST:PORT",
            defaultValue = "${env:MILENA_BOOTSTRAP:-localhost:9092}",
            converter = AddressConverter.class,
            description = {
                "A broker of the cluster, or several with commas between, of which the first that answers is asked.",
                "Default: $MILENA_BOOTSTRAP or localhost:9092."
            })
    private ClusterAddress address = ClusterAddress.parse("localhost:9092");

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = {
                "A properties file that says what the brokers speak, as for Kafka's tools: security.protocol=SSL and"
                        + " ssl.truststore.*, ssl.keystore.*.",
                "Default: plain text."
            })
    private @Nullable Path security;

    ClusterClient connect() throws IOException {
        return ClusterClient.connect(address, security());
    }

    private ConnectionSecurity security() throws IOException {
        if (security == null) {
            return ConnectionSecurity.PLAINTEXT;
        }
        try {
            return ConnectionSecurity.of(security);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(security + ": " + e.getMessage());
        }
    }

    static final class AddressConverter implements ITypeConverter<ClusterAddress> {
        @Override
        public ClusterAddress convert(String text) {
            try {
                return ClusterAddress.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
