/** Drops of a whole process or one thread: what they end with, what they refuse, and what a failed call leaves. */
package privileged.drop;
