// What a lying member answers. Records are signed, so it can name only nodes that are or were, in a life that was theirs: but it can
// name the dead, the asker, nodes out of order, leave others out, and claim any of them as predecessor or owner.

/** Any node that is or was. */
function anybody({ random, lives, ended }) {
  const isDead = ended.length > 0 && random.below(3) === 0;
  return random.pick(isDead ? ended : lives).contact;
}

const some = (network) => Array.from({ length: network.random.below(network.r + 2) }, () => anybody(network));

function lieAboutState(network, life, asker, answer) {
  const { random } = network;
  const lies = { ...answer };
  if (random.below(2) === 0) lies.predecessor = random.below(4) === 0 ? asker.contact : anybody(network);
  switch (random.below(5)) {
    case 0:
      lies.successors = some(network);
      break;
    case 1:
      lies.successors = random.shuffled(answer.successors);
      break;
    case 2:
      lies.successors = [...answer.successors, ...some(network)].slice(-network.r);
      break;
    case 3:
      lies.successors = [asker.contact];
      break;
    default:
      lies.wraps = !answer.wraps;
  }
  return lies;
}

function lieAboutStep(network, life, asker, answer) {
  const { random } = network;
  switch (random.below(4)) {
    case 0:
      return { owners: some(network), next: [] };
    case 1:
      return { owners: [life.contact], next: [] };
    case 2:
      return { owners: [], next: [asker.contact, ...some(network)] };
    default:
      return { owners: [], next: random.shuffled([...answer.next, ...some(network)]) };
  }
}

/** An answer to a request of `asker`, changed two times in three. */
export function lie(network, life, { type, asker }, answer) {
  if (network.random.below(3) === 0) return answer;
  if (type === "state") return lieAboutState(network, life, asker, answer);
  return type === "step" ? lieAboutStep(network, life, asker, answer) : answer;
}
