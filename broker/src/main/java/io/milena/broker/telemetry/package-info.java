/** Client metrics (KIP-714): clients ask at start what to push; this broker subscribes to nothing and says so cleanly. */
@NullMarked
package io.milena.broker.telemetry;

import org.jspecify.annotations.NullMarked;
