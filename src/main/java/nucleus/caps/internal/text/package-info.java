/**
 * Text formats of people and other programs: names of capabilities, libcap's states and IAB values, and explanations.
 *
 * <p>The values of the API call this package to parse and to print. It knows strings and 64-bit masks, and no other class of
 * this library.
 */
package nucleus.caps.internal.text;
