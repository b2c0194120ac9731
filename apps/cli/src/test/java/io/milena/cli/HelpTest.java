package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The help of every command, found by walking the commands, so that a new one is held to the same. */
class HelpTest {
    private static Stream<String> commands() {
        return commands(root()).map(command -> command.qualifiedName());
    }

    private static Stream<CommandSpec> commands(CommandSpec command) {
        return Stream.concat(
                Stream.of(command),
                command.subcommands().values().stream().flatMap(each -> commands(each.getCommandSpec())));
    }

    private static CommandSpec root() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return MilenaCommand.commandLine(new Terminal(InputStream.nullInputStream(), nowhere, nowhere))
                .getCommandSpec();
    }

    private static CommandSpec command(String qualifiedName) {
        return commands(root())
                .filter(command -> command.qualifiedName().equals(qualifiedName))
                .findFirst()
                .orElseThrow();
    }

    private static String[] words(String qualifiedName) {
        return Arrays.stream(qualifiedName.split(" ")).skip(1).toArray(String[]::new);
    }

    private static String help(String qualifiedName) {
        String[] arguments = Stream.concat(Arrays.stream(words(qualifiedName)), Stream.of("--help"))
                .toArray(String[]::new);
        CommandRunner.Result result = CommandRunner.execute(arguments).succeeds();
        assertEquals("", result.errors());
        return result.output();
    }

    @Test
    void theCommandsAreThese() {
        assertEquals(
                Set.of(
                        "milena",
                        "milena start",
                        "milena topics",
                        "milena topics list",
                        "milena topics create",
                        "milena topics describe",
                        "milena topics alter",
                        "milena topics delete",
                        "milena topics deleted",
                        "milena topics restore",
                        "milena topics advise",
                        "milena tail",
                        "milena top",
                        "milena why",
                        "milena why partition",
                        "milena why request",
                        "milena why group",
                        "milena why transaction",
                        "milena completion",
                        "milena produce",
                        "milena consume",
                        "milena groups",
                        "milena cluster",
                        "milena cluster rebalance",
                        "milena partitions",
                        "milena partitions list",
                        "milena partitions reassign",
                        "milena partitions elect",
                        "milena cluster status",
                        "milena cluster join",
                        "milena cluster leave",
                        "milena demo",
                        "milena transactions",
                        "milena transactions list",
                        "milena transactions describe",
                        "milena transactions find-hanging",
                        "milena transactions abort",
                        "milena groups list",
                        "milena groups describe",
                        "milena groups reset-offsets",
                        "milena groups delete"),
                Set.copyOf(commands().toList()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpShowsEveryOptionAndSubcommand(String name) {
        String help = help(name);
        assertTrue(help.contains("Usage: " + name), help);
        CommandSpec command = command(name);
        for (OptionSpec option : command.options()) {
            for (String each : option.names()) {
                assertTrue(help.contains(each), () -> each + " is not in: " + help);
            }
        }
        command.subcommands().keySet().forEach(each -> assertTrue(help.contains("\n  " + each), help));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionAndParameterIsDescribed(String name) {
        CommandSpec command = command(name);
        assertFalse(String.join("", command.usageMessage().description()).isBlank(), name);
        assertAll(command.args().stream()
                .map(argument ->
                        () -> assertFalse(description(argument).isBlank(), () -> name + ": " + label(argument))));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void valuesHaveALabelAndWhatIsOptionalADefault(String name) {
        for (OptionSpec option : command(name).options()) {
            boolean hasValue = option.arity().max() > 0;
            String description = description(option);
            if (hasValue) {
                assertEquals(option.paramLabel(), option.paramLabel().toUpperCase(Locale.ROOT));
                boolean isOptional = !option.required() && option.group() == null && !option.isMultiValue();
                assertTrue(
                        !isOptional || description.contains("Default: "),
                        () -> name + " " + label(option) + " has no default: " + description);
            }
            if (option.paramLabel().equals("MS")) {
                assertTrue(description.contains("ms"), description);
            }
        }
    }

    private static String label(ArgSpec argument) {
        return switch (argument) {
            case OptionSpec option -> option.longestName();
            case PositionalParamSpec parameter -> parameter.paramLabel();
            default -> argument.toString();
        };
    }

    private static String description(ArgSpec argument) {
        return String.join(" ", argument.description());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandShowsTheVersion(String name) {
        String[] arguments = Stream.concat(Arrays.stream(words(name)), Stream.of("--version"))
                .toArray(String[]::new);
        assertEquals(
                MilenaCommand.VERSION + "\n",
                CommandRunner.execute(arguments).succeeds().output());
    }
}
