package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** {@code docs/cli.md} is the help of every command; {@code -Dmilena.write.docs=true} writes it. */
class CommandReferenceTest {
    private static final String HEAD = """
        # The command line

        The help of every command, as `milena COMMAND --help` prints it; written by `CommandReferenceTest`. From a checkout the command is `./milena`.

        What a command shows, `--output json` gives to programs: one JSON value, or one in each line for what goes on. Commands that change something say in a line what was done, and by their exit code whether it was: 0 done, 1 it failed, 2 the
        command line is wrong.

        Tab completion, in bash and zsh: `source <(milena completion)`.

        `bin/` of the distribution also has Apache Kafka's own tools, `kafka-topics.sh`, `kafka-console-consumer.sh` and the rest, with Apache's options. They are no part of Milena: the first of them that is run fetches their jars
        (about 45 MB, once) from Maven Central into `~/.cache/milena` and checks each against its SHA-256. A mirror in `~/.m2/settings.xml` is used; `MILENA_MAVEN_REPOSITORY` names another repository, `MILENA_CACHE` another folder.
        """;

    @Test
    void theReferenceIsCurrent() throws IOException {
        Path file = Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(folder -> Files.exists(folder.resolve("ARCHITECTURE.md")))
                .findFirst()
                .orElseThrow()
                .resolve("docs/cli.md");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        StringBuilder reference = new StringBuilder(HEAD);
        write(MilenaCommand.commandLine(new Terminal(InputStream.nullInputStream(), nowhere, nowhere)), reference);
        if (Boolean.getBoolean("milena.write.docs")) {
            Files.writeString(file, reference);
        }
        assertEquals(
                reference.toString(),
                Files.readString(file),
                "docs/cli.md is old: run CommandReferenceTest with -Dmilena.write.docs=true");
    }

    private static void write(CommandLine command, StringBuilder reference) {
        reference
                .append("\n## ")
                .append(command.getCommandSpec().qualifiedName())
                .append("\n```\n")
                .append(command.getUsageMessage(Ansi.OFF).strip())
                .append("\n```\n");
        command.getSubcommands().values().stream().distinct().forEach(each -> write(each, reference));
    }
}
