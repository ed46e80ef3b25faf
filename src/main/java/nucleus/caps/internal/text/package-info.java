/**
 * Texts that people and other programs write: names of capabilities, libcap's states and IAB values, explanations.
 *
 * <p>The values of the API call it to parse and to print. It knows strings and masks of 64 bits, and no other class of
 * this library.
 */
package nucleus.caps.internal.text;
