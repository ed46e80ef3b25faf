/** What fails after a switch of the user, is told before, and works with the remedy. */
package privileged.advice;
