/** A consumer of the story as a process of its own, so that it can crash. */
@org.jspecify.annotations.NullMarked
package io.milena.compatibility.story;
