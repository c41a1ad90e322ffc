/* The settings of hoshu.conf as they stand in the file, before folders are worked out. Inner header of data/contract. */
#ifndef DATA_CONTRACT_CONFIG_SETTINGS_H
#define DATA_CONTRACT_CONFIG_SETTINGS_H

#include <stdbool.h>

struct config_file {
	const char *person, *tag, *contract, *theme, *data;
	int role, language, ambiguous;
	bool ascii, color, collect, auto_tickets;
};

#endif
