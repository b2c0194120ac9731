package io.milena.cli;

import io.milena.broker.Broker;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code milena}: a Kafka-compatible commit log. */
@Command(
        name = "milena",
        description = "A Kafka-compatible commit log.",
        mixinStandardHelpOptions = true,
        version = MilenaCommand.VERSION,
        footer = {"", "Exit codes: 0 done, 1 failed, 2 the command line is wrong."})
public final class MilenaCommand implements Runnable {
    static final String VERSION = "milena " + Broker.VERSION;

    private static final Map<String, Function<Terminal, Object>> COMMANDS = commands();
    /** What picocli puts before some of its messages. */
    private static final String ERROR = "Error: ";

    private static final String MISSING_COMMAND = "Missing required subcommand";

    @Option(
            names = "--debug",
            description = "Show the stack trace when a command fails.",
            scope = CommandLine.ScopeType.INHERIT)
    private boolean debug;

    private final Terminal terminal;

    private MilenaCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    private static Map<String, Function<Terminal, Object>> commands() {
        Map<String, Function<Terminal, Object>> commands = new LinkedHashMap<>();
        commands.put("start", StartCommand::new);
        commands.put(
                "topics",
                terminal -> new CommandLine(new TopicsCommand(terminal))
                        .addSubcommand("advise", new AdviseCommand(terminal)));
        commands.put("produce", ProduceCommand::new);
        commands.put("consume", ConsumeCommand::new);
        commands.put("groups", GroupsCommand::new);
        commands.put("transactions", TransactionsCommand::new);
        commands.put("partitions", PartitionsCommand::new);
        commands.put("cluster", ClusterCommand::new);
        commands.put("tail", TailCommand::new);
        commands.put("top", TopCommand::new);
        commands.put("why", WhyCommand::new);
        commands.put("completion", CompletionCommand::new);
        commands.put("demo", DemoCommand::new);
        return commands;
    }

    public static void main(String[] arguments) {
        System.exit(run(new Terminal(System.in, System.out, System.err), arguments));
    }

    /** Runs what the arguments say to its end; the exit code. */
    static int run(Terminal terminal, String... arguments) {
        return commandLine(terminal, arguments).execute(arguments);
    }

    /** With all commands, or, where the first word names one, with that one only: to read the annotations of the others takes longer than to start a broker. */
    static CommandLine commandLine(Terminal terminal, String... arguments) {
        MilenaCommand milena = new MilenaCommand(terminal);
        CommandLine line = new CommandLine(milena);
        boolean isNamed = arguments.length > 0 && COMMANDS.containsKey(arguments[0]);
        COMMANDS.forEach((name, command) -> {
            if (!isNamed || name.equals(arguments[0])) {
                line.addSubcommand(name, command.apply(terminal));
            }
        });
        giveVersion(line.getCommandSpec());
        return line.registerConverter(int.class, MilenaCommand::wholeNumber)
                .registerConverter(Integer.class, MilenaCommand::wholeNumber)
                .setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setParameterExceptionHandler((failure, _) -> milena.explainUsage(failure))
                .setExecutionExceptionHandler((failure, _, _) -> milena.explain(failure));
    }

    private static int wholeNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
    }

    private static void giveVersion(CommandSpec command) {
        command.version(VERSION);
        command.subcommands().values().forEach(each -> giveVersion(each.getCommandSpec()));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    @Override
    public void run() {
        commandLine(terminal).usage(terminal.out());
    }

    /** One line that says what is wrong with the command line. */
    private int explainUsage(ParameterException failure) {
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        terminal.err()
                .println("milena: " + oneLine(message(failure, command)) + " (see '" + command.qualifiedName()
                        + " --help')");
        return CommandLine.ExitCode.USAGE;
    }

    private static String message(ParameterException failure, CommandSpec command) {
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && !command.subcommands().isEmpty()) {
            return "there is no command '" + unmatched.getUnmatched().getFirst() + "'; there are "
                    + String.join(", ", command.subcommands().keySet());
        }
        String message = String.valueOf(failure.getMessage());
        if (message.equals(MISSING_COMMAND)) {
            return "say which one; there are "
                    + String.join(", ", command.subcommands().keySet());
        }
        return message.startsWith(ERROR) ? message.substring(ERROR.length()) : message;
    }

    /** One line that says what went wrong. */
    private int explain(Exception failure) {
        boolean isExpected = failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof IllegalArgumentException
                || failure instanceof CommandFailure;
        terminal.err().println("milena: " + oneLine(message(failure)));
        if (!isExpected || debug) {
            failure.printStackTrace(terminal.err());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String message(Exception failure) {
        return switch (failure) {
            case NoSuchFileException e -> e.getFile() + ": there is no such file";
            case AccessDeniedException e -> e.getFile() + ": this user may not do that with this file";
            case Exception e when e.getMessage() == null -> e.toString();
            case Exception e -> String.valueOf(e.getMessage());
        };
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\R\\s*", " ");
    }
}
