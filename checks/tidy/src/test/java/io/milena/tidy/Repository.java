package io.milena.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checkout that this test runs in: its modules in reading order and their source files. */
final class Repository {
    static final String EXAMPLES = "examples";

    /** Layers in reading order; a layer is the first folder of a module's path. Examples stand outside, where users stand. */
    static final List<String> LAYERS =
            List.of("formats", "runtime", "core", "engine", "broker", "apps", "checks", EXAMPLES);

    static final Path ROOT = root();

    private Repository() {}

    private static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(folder -> Files.exists(folder.resolve("ARCHITECTURE.md")))
                .findFirst()
                .orElseThrow();
    }

    static List<Module> modules() {
        return Pom.read(ROOT.resolve("pom.xml")).modules().stream()
                .map(path -> new Module(path, Pom.read(ROOT.resolve(path).resolve("pom.xml"))))
                .toList();
    }

    static Stream<Path> sources(String kind) {
        return modules().stream().flatMap(module -> files(module.folder().resolve("src/" + kind + "/java"), ".java"));
    }

    static Stream<Path> files(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One Maven module, by its path from the root. */
    record Module(String path, Pom pom) {
        Path folder() {
            return ROOT.resolve(path);
        }

        String layer() {
            return path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
        }
    }
}
