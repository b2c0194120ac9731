package io.milena.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class ApiKeyTest {
    /** From this number on the APIs are ours. */
    private static final short OWN = 10_000;

    private static List<ApiKeys> theirs() {
        return Arrays.stream(ApiKeys.values()).filter(ApiKeys::hasValidVersion).toList();
    }

    @Test
    void hasKafkasNamesAndNumbers() {
        assertEquals(
                theirs().stream().map(key -> key.id + " " + key).toList(),
                Arrays.stream(ApiKey.values())
                        .filter(key -> key.key() < OWN)
                        .map(key -> key.key() + " " + key)
                        .toList());
        for (ApiKey key : ApiKey.values()) {
            assertEquals(key, ApiKey.of(key.key()));
        }
    }

    @Test
    void numbersItsOwnFarBehindKafkas() {
        assertEquals(
                List.of(
                        "10000 LIST_DELETED_TOPICS",
                        "10001 RESTORE_TOPIC",
                        "10002 FORM_QUORUM",
                        "10010 DESCRIBE_GROUP_EVENTS",
                        "10011 LIST_CONFIG_CHANGES",
                        "10012 DESCRIBE_MEASUREMENTS",
                        "10013 DESCRIBE_LAG",
                        "10014 LIST_REFUSED_REQUESTS",
                        "10015 DESCRIBE_TRASH"),
                Arrays.stream(ApiKey.values())
                        .filter(key -> key.key() >= OWN)
                        .map(key -> key.key() + " " + key)
                        .toList());
        assertTrue(theirs().stream().allMatch(key -> key.id < OWN - 5_000));
    }

    @Test
    void hasKafkasVersions() {
        for (ApiKeys theirs : theirs()) {
            ApiKey ours = ApiKey.valueOf(theirs.name());
            assertEquals(theirs.messageType.lowestSupportedVersion(), ours.oldestVersion(), theirs.name());
            assertEquals(theirs.messageType.highestSupportedVersion(true), ours.latestVersion(), theirs.name());
            boolean isUnstable = theirs.messageType.highestSupportedVersion(false) < ours.latestVersion();
            assertEquals(isUnstable, ours.isLatestUnstable(), theirs.name());
        }
    }

    @Test
    void choosesKafkasHeaders() {
        for (ApiKeys theirs : theirs()) {
            ApiKey ours = ApiKey.valueOf(theirs.name());
            for (short version = ours.oldestVersion(); version <= ours.latestVersion(); version++) {
                String where = ours + " " + version;
                assertEquals(theirs.requestHeaderVersion(version), ours.requestHeaderVersion(version), where);
                assertEquals(theirs.responseHeaderVersion(version), ours.responseHeaderVersion(version), where);
            }
        }
    }

    @Test
    void doesNotKnowWhatIsGone() {
        assertNull(ApiKey.of(-1));
        assertNull(ApiKey.of(4));
        assertNull(ApiKey.of(Short.MAX_VALUE));
    }

    @Test
    void loadsNoMessageBeforeItIsUsed() throws ReflectiveOperationException {
        // Given a class loader that keeps count
        Counting loader = new Counting();
        // When the table of APIs is used without any message
        Class<?> key = Class.forName("io.milena.protocol.ApiKey", true, loader);
        assertNotNull(key.getMethod("of", int.class).invoke(null, 3));
        // Then it came alone
        assertTrue(loader.loaded.contains("io.milena.protocol.ApiKey"));
        assertFalse(loader.loaded.stream().anyMatch(name -> name.contains(".message.")), loader.loaded::toString);
    }

    /** Loads our classes by itself, all others as usual. */
    private static final class Counting extends ClassLoader {
        private final List<String> loaded = new ArrayList<>();

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.milena.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> before = findLoadedClass(name);
            if (before != null) {
                return before;
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                loaded.add(name);
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
