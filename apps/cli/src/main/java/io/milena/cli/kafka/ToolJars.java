package io.milena.cli.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Fetches the jars of a pinned list into a folder; afterwards the folder holds the list too, as a sign that all is there. */
public final class ToolJars {
    private final MavenRepository repository;
    private final Path folder;
    private final PrintStream err;
    private final boolean isWatched;

    /** @param isWatched whether somebody sees lines being drawn over */
    ToolJars(MavenRepository repository, Path folder, PrintStream err, boolean isWatched) {
        this.repository = repository;
        this.folder = folder;
        this.err = err;
        this.isWatched = isWatched;
    }

    /** A line of the list. */
    record Jar(String sha256, String path) {
        static Jar parse(String line) {
            String[] words = line.strip().split("\\s+");
            if (words.length != 2 || words[0].length() != 64) {
                throw new IllegalArgumentException("not a SHA-256 and a path: " + line);
            }
            return new Jar(words[0], words[1]);
        }

        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    /** The list and the folder. */
    @SuppressWarnings("SystemConsoleNull") // not in every version
    public static void main(String[] arguments) {
        try {
            Path settings = Path.of(System.getProperty("user.home"), ".m2", "settings.xml");
            MavenRepository repository = MavenRepository.chosen(System.getenv("MILENA_MAVEN_REPOSITORY"), settings);
            boolean isWatched = System.console() != null && System.console().isTerminal();
            new ToolJars(repository, Path.of(arguments[1]), System.err, isWatched).fetch(Path.of(arguments[0]));
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("milena: " + e.getMessage());
            System.exit(1);
        }
    }

    void fetch(Path list) throws IOException {
        List<Jar> jars = Files.readAllLines(list).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Jar::parse)
                .toList();
        Files.createDirectories(folder);
        err.println("milena: fetching Apache Kafka's tools, " + jars.size() + " jars, from " + repository.address()
                + " into " + folder + " (once)");
        int done = 0;
        for (Jar jar : jars) {
            Path place = folder.resolve(jar.name());
            if (!Files.exists(place) || !sha256(Files.newInputStream(place)).equals(jar.sha256())) {
                fetch(jar, place);
            }
            done++;
            if (isWatched) {
                err.print("\r\u001b[K" + bar(done, jars.size()) + " " + jar.name());
                err.flush();
            }
        }
        if (isWatched) {
            err.print("\r\u001b[K");
        }
        Files.copy(list, folder.resolve(list.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String bar(int done, int all) {
        int full = 30 * done / all;
        return "[" + "#".repeat(full) + ".".repeat(30 - full) + "] " + done + "/" + all;
    }

    /** Under another name first, so that two who fetch at once, or one who is interrupted, leave nothing that is half. */
    private void fetch(Jar jar, Path place) throws IOException {
        Path part = Files.createTempFile(folder, jar.name(), ".part");
        try {
            String found;
            try (InputStream in = repository.open(jar.path());
                    OutputStream out = Files.newOutputStream(part)) {
                found = sha256(in, out);
            } catch (IOException e) {
                throw new IOException(
                        "cannot fetch " + repository.address() + "/" + jar.path() + " (" + e
                                + "); a mirror of Maven Central can be named with MILENA_MAVEN_REPOSITORY",
                        e);
            }
            if (!found.equals(jar.sha256())) {
                throw new IOException(repository.address() + "/" + jar.path()
                        + " is not the jar that is expected: its SHA-256 is " + found + ", not " + jar.sha256());
            }
            Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String sha256(InputStream in) throws IOException {
        try (in) {
            return sha256(in, OutputStream.nullOutputStream());
        }
    }

    private static String sha256(InputStream in, OutputStream out) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(out);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
