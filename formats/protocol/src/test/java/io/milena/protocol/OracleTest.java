package io.milena.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message and every record in every version, against the classes that Kafka generates from the same schemas. */
class OracleTest {
    private static final long SEED = 20261123;
    private static final int ROUNDS = 6;

    static List<Twin> twins() {
        return Twin.all();
    }

    @Test
    void knowsAllOfThem() {
        assertEquals(
                186,
                twins().stream()
                        .filter(twin -> twin.ours().getPackageName().endsWith(".message"))
                        .count());
        assertEquals(
                86,
                twins().stream()
                        .filter(twin -> twin.ours().getPackageName().endsWith(".record"))
                        .count());
    }

    @ParameterizedTest
    @MethodSource("twins")
    void hasKafkasVersions(Twin twin) throws ReflectiveOperationException {
        org.apache.kafka.common.protocol.Message theirs =
                twin.theirs().getConstructor().newInstance();
        assertEquals(theirs.lowestSupportedVersion(), twin.lowestVersion());
        assertEquals(theirs.highestSupportedVersion(), twin.highestVersion());
    }

    @ParameterizedTest
    @MethodSource("twins")
    void startsFromKafkasDefaults(Twin twin) throws ReflectiveOperationException {
        Object builder = twin.ours().getMethod("builder").invoke(null);
        Object defaults = builder.getClass().getMethod("build").invoke(builder);
        assertEquals(Translation.ours(twin.theirs().getConstructor().newInstance(), twin.ours()), defaults);
    }

    @ParameterizedTest
    @MethodSource("twins")
    void writesAndReadsTheBytesThatKafkaDoes(Twin twin) {
        Specimens specimens = new Specimens(twin, SEED);
        for (short version = twin.lowestVersion(); version <= twin.highestVersion(); version++) {
            for (int round = 0; round < ROUNDS; round++) {
                compare(twin, specimens.fitting(version), version);
            }
        }
    }

    private static void compare(Twin twin, org.apache.kafka.common.protocol.Message theirs, short version) {
        byte[] bytes = Twin.writeTheirs(theirs, version);
        String where = twin + " " + version;
        assertArrayEquals(bytes, Twin.write(Translation.ours(theirs, twin.ours()), version), where);
        Message read = twin.read(bytes, version);
        assertEquals(Translation.ours(twin.readTheirs(bytes, version), twin.ours()), read, where);
        assertArrayEquals(bytes, Twin.write(read, version), where);
    }

    @ParameterizedTest
    @MethodSource("twins")
    void refusesTheValuesThatKafkaRefuses(Twin twin) {
        Specimens specimens = new Specimens(twin, SEED + 1);
        for (short version = twin.lowestVersion(); version <= twin.highestVersion(); version++) {
            for (int round = 0; round < ROUNDS; round++) {
                org.apache.kafka.common.protocol.Message theirs = specimens.sparse();
                Message ours = Translation.ours(theirs, twin.ours());
                try {
                    Twin.writeTheirs(theirs, version);
                } catch (org.apache.kafka.common.errors.UnsupportedVersionException | NullPointerException e) {
                    short refused = version;
                    assertThrows(
                            UnsupportedVersionException.class,
                            () -> Twin.write(ours, refused),
                            () -> twin + " " + refused + ": " + theirs);
                    continue;
                }
                compare(twin, theirs, version);
            }
        }
    }

    @Test
    void skipsTaggedFieldsOfALaterTime() {
        // Given a field that no schema knows yet
        Twin twin = twins().stream()
                .filter(each -> each.toString().equals("ApiVersionsRequest"))
                .findFirst()
                .orElseThrow();
        short version = twin.highestVersion();
        org.apache.kafka.common.protocol.Message theirs = new Specimens(twin, SEED).fitting(version);
        byte[] known = Twin.writeTheirs(theirs, version);
        theirs.unknownTaggedFields().add(new RawTaggedField(4711, new byte[300]));
        byte[] bytes = Twin.writeTheirs(theirs, version);
        assertTrue(bytes.length > known.length + 300);
        // When it is read, then the rest is there
        assertArrayEquals(known, Twin.write(twin.read(bytes, version), version));
    }
}
