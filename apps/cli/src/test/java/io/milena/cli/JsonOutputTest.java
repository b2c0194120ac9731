package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.milena.cli.client.ClusterClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whatever command has {@code --output json}, a parser understands what it prints. */
class JsonOutputTest {
    private static final List<String> LINES = List.of(
            "cluster status",
            "cluster rebalance --measure 0",
            "consume orders --from-beginning --until-end",
            "groups describe order-processor",
            "groups list",
            "groups reset-offsets order-processor --topic orders --to-latest",
            "partitions list",
            "tail orders --last 9 --max-messages 1",
            "top --once --every 1",
            "topics advise --for 1",
            "topics deleted",
            "topics describe orders",
            "topics list",
            "transactions describe payments",
            "transactions find-hanging",
            "transactions list",
            "why group order-processor --for 1",
            "why partition orders 1",
            "why request",
            "why transaction payments");

    @Test
    void isJson(@TempDir Path data) throws IOException {
        // Given something of everything
        try (CommandRunner milena = CommandRunner.withBroker(data)) {
            milena.output("topics create gone");
            milena.output("topics delete gone");
            milena.output("topics create orders --partitions 2");
            milena.run("topics create orders");
            milena.run("a \"key\"\tand a \\ \u0001 value\n", "produce orders --partition 1 --key-separator \t")
                    .succeeds();
            milena.output("groups reset-offsets order-processor --topic orders --to-earliest --execute");
            try (ClusterClient client = milena.client()) {
                TransactionalWriter.begin(client, "payments").write(client, "orders", 0);
            }
            // Then
            for (String line : LINES) {
                String printed = milena.output(line + " --output json");
                int values = values(printed);
                assertEquals(printed.lines().count(), values, () -> line + ": one value in each line: " + printed);
            }
        }
    }

    /** How many there are, one after the other. */
    private static int values(String json) throws IOException {
        int values = 0;
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                parser.skipChildren();
                values++;
            }
        }
        return values;
    }

    @Test
    void everyCommandThatHasItIsTried() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Set<String> commands = new TreeSet<>();
        add(MilenaCommand.commandLine(new Terminal(InputStream.nullInputStream(), nowhere, nowhere)), commands);
        Set<String> tried = new TreeSet<>();
        for (String command : commands) {
            if (LINES.stream().anyMatch(line -> (line + " ").startsWith(command + " "))) {
                tried.add(command);
            }
        }
        assertEquals(commands, tried);
    }

    private static void add(CommandLine command, Set<String> commands) {
        if (command.getCommandSpec().findOption("--output") != null) {
            commands.add(command.getCommandSpec().qualifiedName().substring("milena ".length()));
        }
        command.getSubcommands().values().forEach(each -> add(each, commands));
    }
}
