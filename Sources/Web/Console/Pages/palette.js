// Colours that stay apart for colour-blind eyes (after Okabe and Ito); every meaning also has a shape or a sign.

export const colours = {
  moving: '#0b5cad',
  standing: '#566373',
  silent: '#8b95a3',
  plant: '#4b3f9e',
  plantFill: '#6d5fd0',
  site: '#00695c',
  siteFill: '#1a9c88',
  place: '#7a6a4f',
  bad: '#c2410c',
  clear: '#00795a',
  unsure: '#8a6100',
  loaded: '#0b3d91',
  trail: '#5b9bd5',
  halo: '#ffffff',
  ink: '#1c2733',
};

export const verdictSign = { clear: '✓', suspicious: '!', insufficient_data: '?' };
