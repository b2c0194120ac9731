package io.milena.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
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
        footer = {"", "Exit codes: 0 done, 1 failed, 2 the command line is wrong."})
public final class MilenaCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Option(
            names = "--debug",
            description = "Show the stack trace when a command fails.",
            scope = CommandLine.ScopeType.INHERIT)
    private boolean debug;

    private static final Map<String, Class<?>> COMMANDS = commands();

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("start", StartCommand.class);
        commands.put("topics", TopicsCommand.class);
        commands.put("produce", ProduceCommand.class);
        commands.put("consume", ConsumeCommand.class);
        commands.put("groups", GroupsCommand.class);
        return commands;
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(arguments).execute(arguments));
    }

    /** With all commands, or, where the first word names one, with that one only: to read the annotations of the others takes longer than to start a broker. */
    private static CommandLine commandLine(String[] arguments) {
        CommandLine line = new CommandLine(new MilenaCommand());
        boolean isNamed = arguments.length > 0 && COMMANDS.containsKey(arguments[0]);
        COMMANDS.forEach((name, command) -> {
            if (!isNamed || name.equals(arguments[0])) {
                line.addSubcommand(name, command);
            }
        });
        return line.setExecutionExceptionHandler(MilenaCommand::explain).setCaseInsensitiveEnumValuesAllowed(true);
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
