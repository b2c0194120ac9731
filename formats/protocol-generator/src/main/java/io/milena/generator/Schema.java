package io.milena.generator;

import java.util.List;

/**
 * One message as its schema file describes it.
 *
 * @param apiKey the API's number, or a record's type; -1 where the schema has none
 * @param flexible the versions with compact lengths and tagged fields
 * @param structs all nested ones, in the order of their first use
 */
record Schema(
        Kind kind,
        int apiKey,
        Versions valid,
        Versions flexible,
        boolean isLatestUnstable,
        Struct root,
        List<Struct> structs) {

    enum Kind {
        REQUEST,
        RESPONSE,
        HEADER,
        DATA,
        METADATA,
        COORDINATOR_KEY,
        COORDINATOR_VALUE;

        boolean isOnTheWire() {
            return this == REQUEST || this == RESPONSE || this == HEADER;
        }
    }

    String name() {
        return root.name();
    }
}
