package io.milena.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code milena}: a Kafka-compatible commit log. */
@Command(
        name = "milena",
        description = "A Kafka-compatible commit log.",
        mixinStandardHelpOptions = true,
        version = "milena 0.1.0",
        subcommands = {
            StartCommand.class,
            TopicsCommand.class,
            ProduceCommand.class,
            ConsumeCommand.class,
            GroupsCommand.class
        },
        footer = {"", "Exit codes: 0 done, 1 failed, 2 the command line is wrong."})
public final class MilenaCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Option(
            names = "--debug",
            description = "Show the stack trace when a command fails.",
            scope = CommandLine.ScopeType.INHERIT)
    private boolean debug;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new MilenaCommand())
                .setExecutionExceptionHandler(MilenaCommand::explain)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(System.out);
        }
    }

    /** One line that says what went wrong. */
    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        boolean isExpected = failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof IllegalArgumentException
                || failure instanceof CommandFailure;
        Object root = command.getCommandSpec().root().userObject();
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        System.err.println("milena: " + message);
        if (!isExpected || (root instanceof MilenaCommand milena && milena.debug)) {
            failure.printStackTrace();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
