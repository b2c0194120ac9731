package io.milena.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's own file system is the oracle: the same operations have the same visible results. */
class DiskOracleTest {
    private static final int SEEDS = 150;
    private static final int OPERATIONS = 60;
    private static final List<String> NAMES = List.of("a", "b", "c", "a/x", "a/y", "b/x", "c/d/e");

    @Test
    void theSameOperationsHaveTheSameResults(@TempDir Path folder) {
        Seeds.each(DiskOracleTest.class, SEEDS, seed -> {
            Path real = folder.resolve("run-" + seed);
            Path simulated = SimulatedFileSystem.create().root().resolve("run-" + seed);
            try (Actor realActor = new Actor(real);
                    Actor simulatedActor = new Actor(simulated)) {
                for (int i = 0; i < OPERATIONS; i++) {
                    long operationSeed = seed * 1_000_003 + i;
                    assertEquals(
                            realActor.act(new Random(operationSeed)),
                            simulatedActor.act(new Random(operationSeed)),
                            "seed " + seed + ", operation " + i);
                }
                assertEquals(realActor.describe(), simulatedActor.describe(), "seed " + seed);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Does what a seed says under one folder, and tells what it saw as text. */
    private static final class Actor implements AutoCloseable {
        private final Path folder;
        private final List<FileChannel> channels = new ArrayList<>();

        Actor(Path folder) throws IOException {
            this.folder = folder;
            Files.createDirectories(folder);
        }

        String act(RandomGenerator random) {
            int kind = random.nextInt(20);
            try {
                return kind + " " + perform(kind, random);
            } catch (FileSystemException e) {
                return kind + " " + e.getClass().getSimpleName() + " " + e.getReason();
            } catch (IOException | RuntimeException e) {
                return kind + " " + e.getClass().getSimpleName();
            }
        }

        private Object perform(int kind, RandomGenerator random) throws IOException {
            Path path = folder.resolve(Arbitrary.oneOf(random, NAMES));
            Path other = folder.resolve(Arbitrary.oneOf(random, NAMES));
            return switch (kind) {
                case 0, 1 -> Files.createDirectory(path).getFileName();
                case 2, 3, 4 -> open(path, random);
                case 5 -> relative(Files.move(path, other));
                case 6 -> relative(Files.move(path, other, StandardCopyOption.ATOMIC_MOVE));
                case 7 -> relative(Files.move(path, other, StandardCopyOption.REPLACE_EXISTING));
                case 8 -> Files.deleteIfExists(path);
                case 9 -> Arrays.toString(Files.readAllBytes(path));
                case 10 -> relative(Files.write(path, Arbitrary.bytes(random, Arbitrary.size(random, 9000))));
                case 11 -> relative(Files.copy(path, other));
                case 12 -> describe();
                case 13 -> Files.exists(path) + " " + Files.isDirectory(path) + " " + Files.isRegularFile(path);
                default -> useChannel(kind, random);
            };
        }

        private String relative(Path path) {
            return folder.relativize(path).toString();
        }

        private String open(Path path, RandomGenerator random) throws IOException {
            List<StandardOpenOption> all = List.of(
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.APPEND);
            double rate = random.nextDouble();
            Set<OpenOption> options = new HashSet<>();
            all.forEach(option -> {
                if (random.nextDouble() < rate) {
                    options.add(option);
                }
            });
            FileChannel channel = FileChannel.open(path, options);
            if (Files.isDirectory(path)) {
                // Its size and what reading it says depend on the real file system.
                channel.force(true);
                channel.close();
                return "opened a directory";
            }
            channels.add(channel);
            return "opened";
        }

        private Object useChannel(int kind, RandomGenerator random) throws IOException {
            if (channels.isEmpty()) {
                return "no channel";
            }
            FileChannel channel = channels.get(random.nextInt(channels.size()));
            ByteBuffer bytes = ByteBuffer.wrap(Arbitrary.bytes(random, Arbitrary.size(random, 5000)));
            long position = Arbitrary.size(random, 12_000);
            return switch (kind) {
                case 14 -> channel.write(new ByteBuffer[] {bytes, ByteBuffer.wrap(new byte[] {1, 2, 3})}) + at(channel);
                case 15 -> channel.write(bytes, position) + at(channel);
                case 16 -> channel.read(bytes) + " " + Arrays.hashCode(bytes.array()) + at(channel);
                case 17 -> channel.read(bytes, position) + " " + Arrays.hashCode(bytes.array()) + at(channel);
                case 18 -> moveOrCut(channel, position, random);
                default -> transferLockOrClose(channel, position, random);
            };
        }

        private static String moveOrCut(FileChannel channel, long position, RandomGenerator random) throws IOException {
            if (random.nextBoolean()) {
                channel.position(position);
            } else {
                channel.truncate(position);
            }
            return at(channel);
        }

        private Object transferLockOrClose(FileChannel channel, long position, RandomGenerator random)
                throws IOException {
            FileChannel other = channels.get(random.nextInt(channels.size()));
            return switch (random.nextInt(4)) {
                case 0 -> channel.equals(other) ? "same" : channel.transferTo(position, 3000, other) + at(other);
                case 1 -> {
                    channel.force(true);
                    yield "forced";
                }
                case 2 -> {
                    FileLock lock = channel.tryLock();
                    yield lock.isValid() + " " + lock.isShared();
                }
                default -> {
                    channels.remove(channel);
                    channel.close();
                    yield channel.isOpen();
                }
            };
        }

        private static String at(FileChannel channel) throws IOException {
            return " at " + channel.position() + " of " + channel.size();
        }

        String describe() throws IOException {
            StringBuilder text = new StringBuilder();
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted().toList()) {
                    text.append(relative(path)).append(' ');
                    text.append(
                            Files.isDirectory(path)
                                    ? "directory"
                                    : Files.size(path) + " " + Arrays.hashCode(Files.readAllBytes(path)));
                    text.append('\n');
                }
            }
            return text.toString();
        }

        @Override
        public void close() throws IOException {
            for (FileChannel channel : channels) {
                channel.close();
            }
        }
    }
}
