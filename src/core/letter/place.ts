/** The folder that a member of a team writes into and reads from, as it is told. */
export const mailboxOf = (repo: string, seat: string): string => `${repo}/.muster/mailbox/${seat.replace(/^P/, "p")}`;
