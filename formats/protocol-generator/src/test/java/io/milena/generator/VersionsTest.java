package io.milena.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VersionsTest {
    private static final Versions KNOWN = new Versions(2, 7);

    @Test
    void readsHowSchemasWriteThem() {
        assertEquals(new Versions(3, 3), Versions.parse("3"));
        assertEquals(new Versions(3, 5), Versions.parse("3-5"));
        assertEquals(new Versions(3, Short.MAX_VALUE), Versions.parse("3+"));
        assertTrue(Versions.parse("none").isEmpty());
    }

    @Test
    void asksOnlyWhatIsNotKnownAlready() {
        assertEquals("true", Versions.parse("0+").condition(KNOWN));
        assertEquals("true", Versions.parse("2-7").condition(KNOWN));
        assertEquals("false", Versions.parse("8+").condition(KNOWN));
        assertEquals("false", Versions.NONE.condition(KNOWN));
        assertEquals("version_ >= 4", Versions.parse("4+").condition(KNOWN));
        assertEquals("version_ <= 4", Versions.parse("0-4").condition(KNOWN));
        assertEquals("version_ == 4", Versions.parse("4").condition(KNOWN));
        assertEquals("version_ >= 3 && version_ <= 5", Versions.parse("3-5").condition(KNOWN));
    }
}
