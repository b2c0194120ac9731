package io.milena.compatibility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a client that is a program of its own, with bounded patience, and gives back what it printed. */
final class ExternalProgram {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private ExternalProgram() {}

    /** What a program printed to standard output and standard error, and how it ended. */
    record Result(int exit, String output, String errors) {
        Result expectSuccess() {
            if (exit != 0) {
                throw new AssertionError("exit " + exit + "\n" + output + "\n" + errors);
            }
            return this;
        }
    }

    static Result run(List<String> command) {
        return run(command, null, null);
    }

    /** @param input a file for standard input, or null for none; {@code outputFile} takes standard output, or null to get it as text */
    static Result run(List<String> command, @Nullable Path input, @Nullable Path outputFile) {
        try {
            Path output = outputFile == null ? Files.createTempFile("output", ".txt") : outputFile;
            Path errors = Files.createTempFile("errors", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
            builder.redirectInput(input == null ? Path.of("/dev/null").toFile() : input.toFile());
            builder.environment().putAll(Map.of("LC_ALL", "C"));
            Process process = builder.start();
            if (!process.waitFor(PATIENCE)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "not finished after " + PATIENCE + ": " + command + "\n" + Files.readString(errors));
            }
            Result result = new Result(
                    process.exitValue(), outputFile == null ? Files.readString(output) : "", Files.readString(errors));
            if (outputFile == null) {
                Files.delete(output);
            }
            Files.delete(errors);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot run " + command.getFirst() + "; `./milena test` installs what the tests need", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The command line of a Java program whose class path is the property {@code classPathProperty} of the test run. */
    static List<String> java(String classPathProperty, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(classPathProperty),
                mainClass));
        command.addAll(arguments);
        return command;
    }
}
